// Step scripts are plain files, imported as text: esbuild's `text` loader in the bundle,
// `scripts/text-modules.mjs` where Node runs the sources.
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.py' {
  const text: string;
  export default text;
}
