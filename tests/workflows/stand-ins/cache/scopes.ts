import { join } from 'node:path'

/** Caches belong to the ref whose run has saved them. */
export function scopeOf(ref: string): string {
  return join(variable('STAND_IN_CACHES'), encodeURIComponent(ref))
}

export function input(name: string): string {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
}

export function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
