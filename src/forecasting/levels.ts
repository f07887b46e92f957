/**
 * Levels of the quantiles that every model forecasts: the ends of the 80% and the 95% interval, and
 * enough between them to tell how much to order.
 */
export const LEVELS = [0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975]
