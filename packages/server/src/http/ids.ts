/** An id that no row can have, because PostgreSQL cannot hold it as text: it is not looked up. */
export function isImpossibleId(id: string): boolean {
  return id.includes('\0');
}

/** An id to look for: one that no row can have becomes one that no row has. */
export function searchable(id: string): string {
  return isImpossibleId(id) ? '' : id;
}
