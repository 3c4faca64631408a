package io.mlops.backends.fs.event;

/**
 * CRC-32C of any ranges of a file that is gone through forwards, however much they overlap: each byte is looked at once,
 * since the checksum of a range follows from those of all bytes up to its two ends. Not thread-safe.
 */
final class RangeChecksums {
    private static final int POLYNOMIAL = 0x82f63b78;
    private static final int FIRST_CAPACITY = 1 << 12;

    /** What a byte does to a checksum, by the byte. */
    private final int[] steps = new int[256];
    /** The powers of x by which 1, 2, 4… bytes multiply a checksum that is gone on with. */
    private final int[] powers = new int[31];
    /** A ring: the checksum of all bytes from {@link #first} up to an offset, by the offset's last bits. */
    private int[] upTo = new int[FIRST_CAPACITY];

    private long first;
    private long last = -1;

    RangeChecksums() {
        for (int i = 0; i < steps.length; i++) {
            int step = i;
            for (int bit = 0; bit < 8; bit++) {
                step = timesX(step);
            }
            steps[i] = step;
        }
        powers[0] = 1 << 23;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = product(powers[i - 1], powers[i - 1]);
        }
    }

    /**
     * Returns the checksum of so many bytes of the buffer.
     *
     * @param offset the place of the first of them in the file; never less than in the call before
     */
    int of(byte[] buffer, int from, int length, long offset) {
        if (length >= upTo.length) {
            upTo = new int[Integer.highestOneBit(length) << 1];
            last = -1;
        }
        if (offset > last) {
            first = offset;
            last = offset;
            upTo[place(offset)] = 0;
        }
        int sum = upTo[place(last)];
        for (long end = offset + length; last < end; ) {
            sum = steps[(sum ^ buffer[from + (int) (last - offset)]) & 0xff] ^ (sum >>> 8);
            last++;
            upTo[place(last)] = sum;
        }
        return ~(upTo[place(offset + length)] ^ shifted(~upTo[place(offset)], length));
    }

    private int place(long offset) {
        return (int) (offset - first) & (upTo.length - 1);
    }

    /** Returns what becomes of a checksum by so many bytes of zeros. */
    private int shifted(int sum, int bytes) {
        int shifted = sum;
        for (int i = 0; bytes >>> i != 0; i++) {
            if ((bytes >>> i & 1) != 0) {
                shifted = product(powers[i], shifted);
            }
        }
        return shifted;
    }

    /** Multiplies two polynomials, whose highest bit is that of 1, modulo the checksum's. */
    private static int product(int a, int b) {
        int product = 0;
        int factor = b;
        for (int left = a; left != 0; left <<= 1) {
            product ^= left < 0 ? factor : 0;
            factor = timesX(factor);
        }
        return product;
    }

    private static int timesX(int polynomial) {
        return (polynomial >>> 1) ^ ((polynomial & 1) == 0 ? 0 : POLYNOMIAL);
    }
}
