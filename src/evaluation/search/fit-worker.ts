import { serve } from '../../base/threads.ts'
import { type FitTask, fitTask } from './fit-task.ts'

let known: Pick<FitTask, 'panelKey' | 'panel'> | undefined

serve(
  (task: FitTask) => {
    // Families remember what they computed from a panel object: the same panel stays the same object.
    if (known?.panelKey !== task.panelKey) known = task
    return fitTask({ ...task, panel: known.panel })
  },
  ({ mean }) => [mean.buffer as ArrayBuffer],
)
