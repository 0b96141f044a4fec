import { constants, platform, setPriority } from 'node:os';

/** Where processors are short whoever records goes first, and this thread comes after. */
export function letCommandsGoFirst(): void {
  // Elsewhere a priority is that of a process, not of a thread.
  if (platform() !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system that forbids it shares its processors evenly.
  }
}
