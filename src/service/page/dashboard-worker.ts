import { serve } from '../../base/threads.ts'
import { dashboardWork } from './dashboard-work.ts'

serve(dashboardWork(), () => [])
