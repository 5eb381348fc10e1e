import { describeBruteForce } from "../../support/brute-force-suite.js";

describeBruteForce({ firstSeed: 151, count: 100, minInfeasible: 10 });
