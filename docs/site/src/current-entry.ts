import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data';

/** An error has no entry of its own in the menu: that of the list shows where one is. */
export const onRequest = defineRouteMiddleware(({ locals, url }) => {
  if (url.pathname.startsWith('/errors/')) markErrors(locals.starlightRoute.sidebar);
});

function markErrors(entries: StarlightRouteData['sidebar']): void {
  for (const entry of entries) {
    if (entry.type === 'group') markErrors(entry.entries);
    else if (entry.href === '/errors/') entry.isCurrent = true;
  }
}
