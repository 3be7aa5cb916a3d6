declare module 'virtual:commands' {
  export const COMMANDS: Record<string, unknown>;
}
