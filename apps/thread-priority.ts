import { constants, platform, setPriority } from 'node:os';

/** Lowers the priority of this thread, so that recording goes first when processors are busy. */
export function letCommandsGoFirst(): void {
  // On other systems a priority belongs to a process, not to a thread.
  if (platform() !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // If the system forbids it, threads share the processors evenly.
  }
}
