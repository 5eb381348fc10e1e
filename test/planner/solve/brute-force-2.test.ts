import { describeBruteForce } from "../../support/brute-force-suite.js";

describeBruteForce({ firstSeed: 151, count: 50, minInfeasible: 3 });
