export { createApp, type Deps } from './app.ts';
export { ConfigError, readSettings, type Settings } from './config.ts';
export { createLogger } from './logger.ts';
export { type RunningServer, startServer } from './start-server.ts';
