import { serve } from '../../base/threads.ts'
import { shadowTask } from './shadow-task.ts'

serve(shadowTask, () => [])
