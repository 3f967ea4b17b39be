const present = (...fields: string[]) => ({ required: fields, properties: Object.fromEntries(fields.map((field) => [field, {}])) });
const switchedOn = (...fields: string[]) => ({
  required: fields,
  properties: Object.fromEntries(fields.map((field) => [field, { const: true }])),
});
const none = (...conditions: object[]) => ({ not: { anyOf: conditions } });

/** Which fields of a bulk operation belong together, in JSON Schema: what is published of the rules that its schema checks. */
export function bulkRules(options: object) {
  return {
    oneOf: [
      { ...present('ids'), ...none(present('filter'), present('dryRun'), present('planToken')) },
      { allOf: [present('filter'), switchedOn('dryRun')], ...none(present('ids'), present('atomic'), present('planToken')) },
      { ...present('filter', 'planToken'), ...none(present('ids'), present('atomic'), switchedOn('dryRun')) },
    ],
    ...('erase' in options && { not: switchedOn('backup', 'erase') }),
  };
}
