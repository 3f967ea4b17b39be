import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { takeContract } from '../dev/take-contract.ts';
import { CopyOfCheckout } from './copy-of-checkout.ts';

let copy: CopyOfCheckout;
beforeAll(() => {
  copy = new CopyOfCheckout();
});
afterAll(() => copy.remove());

const doesNotCompile = (text: string) => `${text}\nexport const wrong: number = 'text';\n`;
const makesNoDocument = (text: string) => text.replace('title:', 'nonsense: true, title:');

it.each([
  ['does not compile', 'http/success.ts', doesNotCompile, ['TS2322']],
  ['makes a document that is none', 'openapi/document.ts', makesNoDocument, ['`nonsense` is not expected']],
  [
    'does not compile and makes a document that is none',
    'openapi/document.ts',
    (text: string) => doesNotCompile(makesNoDocument(text)),
    ['TS2322', '`nonsense` is not expected'],
  ],
] as const)('npm run dev takes no contract that %s, and says all that is wrong with it', async (_, file, spoil, complaints) => {
  const before = copy.document();
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const right = copy.changeContract(file, spoil);
  expect(await takeContract(copy.path)).toBe(false);
  copy.changeContract(file, () => right);
  for (const complaint of complaints) expect(error.mock.lastCall![0]).toContain(complaint);
  expect(copy.document()).toBe(before);
  error.mockRestore();
});
