/** The package has no types of its own. */
declare module '@usebruno/lang' {
  const lang: { bruToJsonV2(text: string): unknown };
  export default lang;
}
