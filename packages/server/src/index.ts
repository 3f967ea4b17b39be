export { ConfigError } from './config.ts';
export { createServer, type LeadsServer, type ServerSettings } from './create-server.ts';
