import { describeBruteForce } from "../../support/brute-force-suite.js";

describeBruteForce({ firstSeed: 1, count: 100, minInfeasible: 10 });
