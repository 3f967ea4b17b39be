import type { Lead } from '@leads/contract';
import { suppressingErasure } from '../db/functions.ts';
import { fold, foldPhone } from './fold.ts';

/** The erasure that keeps whoever has this address or number away, as SQL: null where there is none. */
export function admissionOf(
  workspaceId: string,
  { email, phone }: { readonly [Name in 'email' | 'phone']?: Lead[Name] | undefined },
  parameter: (value: unknown) => string,
): string {
  const person = { email: email === undefined ? null : fold(email), phone: phone ? foldPhone(phone) : null };
  return suppressingErasure.expression({ workspace: workspaceId, ...person }, parameter);
}
