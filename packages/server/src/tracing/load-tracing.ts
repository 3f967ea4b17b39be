/**
 * Loads what makes traces, where the environment asks for them. The program imports this before anything else: loaded after the rest of
 * the server, it left every other process with requests that cost up to one and a half times as much, for as long as it ran.
 */
import { isTraced } from './is-traced.ts';

if (isTraced(process.env)) await import('./start-tracing.ts');
