import { describeBruteForce } from "../../support/brute-force-suite.js";

describeBruteForce({ firstSeed: 151, count: 150, minInfeasible: 20 });
