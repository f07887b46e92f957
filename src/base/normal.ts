/** A normal distribution's standard deviation over its median absolute deviation. */
export const DEVIATION_OVER_MEDIAN = 1.4826

/** √(π / 2), also of a normal distribution: the standard error of a median over that of a mean … */
export const OF_MEDIAN_OVER_MEAN = 1.2533
/** … and the standard deviation over the mean absolute deviation. */
export const DEVIATION_OVER_ERROR = 1.2533
