package io.mlops.backends.fs.power;

import java.util.Arrays;
import java.util.Random;

/** Which of the unsynced changes a power cut leaves on the disk. */
interface Survival {
    /** Only what was synced. */
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

    /** All that was done, as after a kill of the process. */
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

    /** All names, but no unsynced bytes: what a file system that delays the writing of data leaves. */
    Survival NAMES = new Survival() {
        @Override
        public boolean keeps(int change, int changes) {
            return true;
        }

        @Override
        public byte[] content(byte[] durable, byte[] written) {
            return durable;
        }

        @Override
        public String toString() {
            return "unsynced names survive, unsynced bytes do not";
        }
    };

    /** Any subset of the changes; of each file all, nothing, a part, or a part and then zeros. */
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

    /** All but one change to names. */
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
