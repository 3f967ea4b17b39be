/** An operation as the document describes it, as far as answering a request needs it. Prism's operations have this shape. */
export interface DocumentedOperation {
  /** `leads.delete` and so on. */
  readonly iid?: string | undefined;
  /** In lower case. */
  readonly method: string;
  /** With parameters as `{leadId}`. */
  readonly path: string;
  readonly security?: readonly unknown[] | undefined;
  readonly request?: { readonly body?: { readonly contents?: readonly { readonly mediaType: string }[] } } | undefined;
  readonly responses: readonly DocumentedResponse[];
}

/** One response of an operation, with its examples. */
export interface DocumentedResponse {
  readonly code: string;
  readonly headers?: readonly { readonly name: string; readonly examples?: readonly object[] }[] | undefined;
  readonly contents?: readonly { readonly mediaType: string; readonly examples?: readonly { readonly key: string }[] }[] | undefined;
}
