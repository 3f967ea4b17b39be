/** A text that comes in the place of a part of a file, or of a part of it. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** For people. */
  readonly what: string;
}
