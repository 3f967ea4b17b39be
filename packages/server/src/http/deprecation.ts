import type { Deprecation, OperationMetadata } from '@leads/contract';
import type { AppRoute } from '@ts-rest/core';
import type { RequestHandler } from 'express';

/** Says with every answer of an operation that is deprecated since when it is (RFC 9745), and from when on it may be gone (RFC 8594). */
export const announceDeprecation: RequestHandler = (req, res, next) => {
  const { metadata } = (req as unknown as { tsRestRoute: AppRoute }).tsRestRoute;
  const { deprecated } = metadata as OperationMetadata;
  if (deprecated) for (const [name, value] of Object.entries(headersOf(deprecated))) res.setHeader(name, value);
  next();
};

function headersOf({ since, sunset }: Deprecation): Record<string, string> {
  return {
    Deprecation: `@${Date.parse(since) / 1000}`,
    ...(sunset && { Sunset: new Date(sunset).toUTCString() }),
  };
}
