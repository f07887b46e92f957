import { serve } from '../../base/threads.ts'
import { readFileTask } from './file-readings.ts'

serve(readFileTask, ({ totals }) =>
  Object.values(totals).flatMap((value) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  ),
)
