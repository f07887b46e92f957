/**
 * What comes of work, or an error where it takes longer than so many milliseconds. It is not ended
 * then: that is up to whoever waits no longer.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new Error(`it took longer than ${Math.round(ms / 100) / 10} seconds`))
  }, ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
