import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { initContract } from '@ts-rest/core';
import { errorResponses, type OperationMetadata } from '@leads/contract';
import express from 'express';
import { pino } from 'pino';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { announceDeprecation } from '../src/http/deprecation.ts';
import { errorHandler } from '../src/http/error-handler.ts';
import { type Implementation, registerOperations } from '../src/http/implement.ts';

const c = initContract();
const read = { method: 'GET', responses: { 200: z.strictObject({ name: z.string() }), ...errorResponses('INTERNAL_ERROR') } } as const;
const metadata = { scope: 'leads:read', successExamples: {} } satisfies OperationMetadata;
const deprecated = { since: '2026-01-31', sunset: '2026-12-31', instead: 'things.get' };
const there = {
  get: { ...read, path: '/things/:thingId', metadata },
  old: { ...read, path: '/old-things/:thingId', metadata: { ...metadata, deprecated } satisfies OperationMetadata },
} as const;
const share = { ...read, path: '/things/:thingId/share' } as const;
const things = c.router({ ...there, share: { ...share, metadata: { ...metadata, planned: true } satisfies OperationMetadata } });
const arrived = c.router({ ...there, share: { ...share, metadata } });
const contract = c.router({ things });

const get: Implementation<typeof things>['get'] = async () => ({ status: 200, body: { name: 'A' } });
const implementation: Implementation<typeof contract> = { things: { get, old: get } };

// What is planned need not be there; what is not must be.
expectTypeOf<keyof Implementation<typeof things>>().toEqualTypeOf<'get' | 'old'>();
// @ts-expect-error: `old` is missing.
void ({ get } satisfies Implementation<typeof things>);
// @ts-expect-error: without its mark, `share` is missing.
void ({ get, old: get } satisfies Implementation<typeof arrived>);

describe('An operation', () => {
  async function ask(path: string): Promise<Response> {
    const app = express();
    registerOperations(
      contract,
      implementation,
      app,
      [announceDeprecation],
      (error, _req, _res, next) => next(error),
      (_, operate) => operate(undefined as never),
    );
    app.use(errorHandler(pino({ level: 'silent' })));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    } finally {
      server.close();
    }
  }

  it('that is planned answers 501 NOT_IMPLEMENTED, with its name', async () => {
    const response = await ask('/things/1/share');
    expect([response.status, await response.json()]).toEqual([
      501,
      {
        success: false,
        error: 'The operation is planned, and not there yet',
        code: 'NOT_IMPLEMENTED',
        details: { operation: 'things.share' },
      },
    ]);
  });

  it('that is there answers as it does, and says nothing of an end', async () => {
    const { status, headers } = await ask('/things/1');
    expect([status, headers.get('deprecation'), headers.get('sunset')]).toEqual([200, null, null]);
  });

  it('that is deprecated says since when, and when it may be gone', async () => {
    const { status, headers } = await ask('/old-things/1');
    expect([status, headers.get('deprecation'), headers.get('sunset')]).toEqual([200, '@1769817600', 'Thu, 31 Dec 2026 00:00:00 GMT']);
  });
});
