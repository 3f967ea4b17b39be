export * from './envelope.ts';
export * from './registry.ts';
export * from './validation-issue.ts';
