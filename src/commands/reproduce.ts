import { resolve } from 'node:path'
import { reproduce } from '../steps/model/reproduce.ts'
import type { Shell } from './shell.ts'

export async function reproduceCommand(
  { project }: Shell,
  record: string,
  { out }: { out: string },
): Promise<void> {
  await reproduce({ project, record: resolve(project, record), out: resolve(project, out) })
}
