package io.mlops.core.tracker;

/**
 * How many of a program's facts a store did not take.
 *
 * @param conflicts those that contradict what the store has
 * @param refusals those that it refused for themselves
 */
record LostFacts(long conflicts, long refusals) {}
