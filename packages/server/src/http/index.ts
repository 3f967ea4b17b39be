export { EXPOSED_HEADERS } from './exposed-headers.ts';
export { createHttpServer } from './listen.ts';
export { StartError } from '../start-error.ts';
