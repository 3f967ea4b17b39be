import type { CreateLeadRequest, UpdateLeadRequest } from '../api.generated.ts';
import { INPUTS } from '../constants.generated.ts';
import type { OptionSpecs } from './command.ts';
import { optionsFor, readInputs, type Words } from './inputs.ts';
import type { Options } from './options.ts';

const CREATED = INPUTS['leads.create'];
const CHANGED = INPUTS['leads.update'];

const WORDS = {
  name: ['NAME', 'the name of the person'],
  email: ['ADDRESS', 'the e-mail address'],
  phone: ['NUMBER', 'the phone number'],
  source: ['SOURCE', 'where the lead came from'],
  status: ['STATUS', 'where the lead stands'],
  metadata: ['JSON', 'a JSON object; in an update it is merged, null removes a key'],
} satisfies Record<keyof typeof CREATED, Words>;

/** The fields of a new lead. */
export const CREATE_OPTIONS: OptionSpecs = optionsFor(CREATED, WORDS);
/** The fields of a lead that can be changed. */
export const UPDATE_OPTIONS: OptionSpecs = optionsFor(CHANGED, WORDS);

/** Reads the fields of a new lead. @throws {CliError} where a value cannot be. */
export function readNewLead(options: Options): Partial<CreateLeadRequest> {
  return readInputs(options, CREATED);
}

/** Reads what is to be changed of a lead. @throws {CliError} where a value cannot be. */
export function readChanges(options: Options): UpdateLeadRequest {
  return readInputs(options, CHANGED);
}
