/**
 * How far a package may leave a row with continuous variables, relative to the size of its side and of its largest term. Rows of
 * integers alone are exact once these are rounded, and keep the feasibility tolerance of the models.
 */
export const CONTINUOUS_TOLERANCE = 1e-6;

/** Largest distance of an integer variable from the next integer; GLPK's own `tol_int`, so that its points are not refused. */
export const INTEGRALITY_TOLERANCE = 1e-5;

/** Bounds of integer variables this close to an integer count as that integer. */
export const INTEGER_BOUND_TOLERANCE = 1e-9;

/** Finite numbers from here on are refused: packages take them for infinity. */
export const HUGE = 1e20;
