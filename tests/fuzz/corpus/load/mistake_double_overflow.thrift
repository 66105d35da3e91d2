const double HUGE = 1e400
const double TINY = 1e-400
const double NEGATIVE = -1.5E+999999999999999999999
