import fc from "fast-check";

// The same every time, and no shrinking: that a mutant is noticed is all that matters.
fc.configureGlobal({ seed: 1, numRuns: Number(process.env.QPP_PROPERTY_RUNS), endOnFailure: true });
