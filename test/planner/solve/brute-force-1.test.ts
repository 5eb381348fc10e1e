import { describeBruteForce } from "../../support/brute-force-suite.js";

describeBruteForce({ firstSeed: 1, count: 50, minInfeasible: 3 });
