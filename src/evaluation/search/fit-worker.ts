import { parentPort } from 'node:worker_threads'
import { UserError } from '../../base/errors.ts'
import { type FitResult, type FitTask, fitTask } from './fit-task.ts'

/** How a task ended. Of a `UserError` the parts are told: no thread can send the error itself. */
export type FitReply =
  | { type: 'done'; result: FitResult }
  | { type: 'user error'; what: string; options: ConstructorParameters<typeof UserError>[1] }
  | { type: 'bug'; error: unknown }

let known: Pick<FitTask, 'panelKey' | 'panel'> | undefined

parentPort?.on('message', (task: FitTask) => {
  // Families remember what they computed from a panel object: the same panel stays the same object.
  if (known?.panelKey !== task.panelKey) known = task
  const reply = replyTo({ ...task, panel: known.panel })
  const sent = reply.type === 'done' ? [reply.result.mean.buffer as ArrayBuffer] : []
  parentPort?.postMessage(reply, sent)
})

function replyTo(task: FitTask): FitReply {
  try {
    return { type: 'done', result: fitTask(task) }
  } catch (error) {
    if (!(error instanceof UserError)) return { type: 'bug', error }
    const { what, place, remedy } = error
    return { type: 'user error', what, options: { ...place, ...(remedy && { remedy }) } }
  }
}
