package io.mlops.backends.fs.power;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BinaryOperator;

/** A choice of the unsynced changes that a power cut leaves on the disk. */
interface Survival {
    /** Survival of what was synced, and of nothing else. */
    Survival NOTHING = new Survival() {
        @Override
        public boolean keeps(int change, int changes) {
            return false;
        }

        @Override
        public byte[] content(byte[] durable, byte[] written) {
            return durable;
        }

        @Override
        public String toString() {
            return "nothing unsynced survives";
        }
    };

    /** Survival of all that was done, as after a kill of the process. */
    Survival EVERYTHING = new Survival() {
        @Override
        public boolean keeps(int change, int changes) {
            return true;
        }

        @Override
        public byte[] content(byte[] durable, byte[] written) {
            return written;
        }

        @Override
        public String toString() {
            return "everything survives";
        }
    };

    /** Survival of all names, but of no unsynced bytes, as on a file system that delays the writing of data. */
    Survival NAMES = names("no unsynced bytes survive", (durable, written) -> durable);

    /** Survival of all names, and of half of the unsynced bytes of each file. */
    Survival HALVES = names("half of the unsynced bytes survive", (durable, written) -> {
        int same = Arrays.mismatch(durable, written);
        return Arrays.copyOf(written, same < 0 ? written.length : (same + written.length) / 2);
    });

    /** Survival of all names, and of zeros where unsynced bytes were. */
    Survival ZEROS = names("zeros are where unsynced bytes were", (durable, written) -> {
        int same = Arrays.mismatch(durable, written);
        return same < 0 ? written : Arrays.copyOf(Arrays.copyOf(written, same), written.length);
    });

    private static Survival names(String text, BinaryOperator<byte[]> contents) {
        return new Survival() {
            @Override
            public boolean keeps(int change, int changes) {
                return true;
            }

            @Override
            public byte[] content(byte[] durable, byte[] written) {
                return contents.apply(durable, written);
            }

            @Override
            public String toString() {
                return text;
            }
        };
    }

    /** Draws a survival of any subset of the changes; of each file all, nothing, a part, or a part and then zeros. */
    static Survival of(long seed) {
        Random random = new Random(seed);
        int percent = new int[] {15, 50, 85}[random.nextInt(3)];
        return new Survival() {
            @Override
            public boolean keeps(int change, int changes) {
                return random.nextInt(100) < percent;
            }

            @Override
            public byte[] content(byte[] durable, byte[] written) {
                int kind = random.nextInt(4);
                int same = Arrays.mismatch(durable, written);
                if (kind < 2 || same < 0) {
                    return kind == 0 ? durable : written;
                }
                int end = same + random.nextInt(written.length - same + 1);
                byte[] torn = Arrays.copyOf(written, end);
                return kind == 2 ? torn : Arrays.copyOf(torn, written.length);
            }

            @Override
            public String toString() {
                return "subset " + seed + " survives";
            }
        };
    }

    /** Makes a survival of all but one change to names. */
    static Survival without(int lost) {
        return new Survival() {
            @Override
            public boolean keeps(int change, int changes) {
                return change != lost;
            }

            @Override
            public byte[] content(byte[] durable, byte[] written) {
                return written;
            }

            @Override
            public String toString() {
                return "all but unsynced change " + lost + " survive";
            }
        };
    }

    boolean keeps(int change, int changes);

    byte[] content(byte[] durable, byte[] written);
}
