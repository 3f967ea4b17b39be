export { createApp } from './app.ts';
export type { Deps } from './deps.ts';
export { ConfigError, readSettings, type Settings } from './config.ts';
export { createLogger } from './logger.ts';
export { type MemoryCore, startMemoryCore, type WorkspaceContent } from './memory-core.ts';
export { type RunningServer, startServer } from './start-server.ts';
