/**
 * Loads what makes traces, where the environment asks for them. The program imports this before anything else: loaded after the rest of
 * the server, about half of all processes spent up to one and a half times as much on each request, for as long as they ran.
 */
import { isTraced } from './is-traced.ts';

if (isTraced(process.env)) await import('./start-tracing.ts');
