/** Among how many jobs fits are shared at most. */
export const MOST_JOBS = 64
