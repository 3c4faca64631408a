package io.mlops.backends.http.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;

/**
 * Looks at the bytes of a JSON document on their way to the parser, and ends one that would take too much memory: by its
 * length, its depth, the length of a name or a number, or of a text that somebody wants. Text that is skipped may be long.
 * Parsers before Jackson 2.15 have no such bounds, and later ones other. Not thread-safe.
 */
final class JsonGuard extends FilterInputStream {
    static final long MOST_BYTES = 64L << 20;
    static final int MOST_DEPTH = 100;
    static final int LONGEST_NAME = 1 << 15;
    static final int LONGEST_NUMBER = 1000;
    static final int LONGEST_TEXT = 8 << 20;

    private final BitSet isObject = new BitSet();
    private long bytes;
    private int depth;
    private boolean inText;
    private boolean escaped;
    /** Whether the next text of an object is the name of a field. */
    private boolean nameNext;

    private boolean inName;
    private boolean wanted;
    /** Of the text or number that is being read. */
    private long length;

    JsonGuard(InputStream in) {
        super(in);
    }

    /** Says whether the text that comes is kept. */
    void wants(boolean text) throws TooMuchException {
        wanted = text;
        checkText();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        int read = in.read(target, from, count);
        for (int i = from; i < from + read; i++) {
            look(target[i]);
        }
        bytes += Math.max(0, read);
        if (bytes > MOST_BYTES) {
            throw new TooMuchException("it has more than " + (MOST_BYTES >> 20) + " MiB");
        }
        return read;
    }

    private void look(byte one) throws TooMuchException {
        // UTF-16 and UTF-32, which a parser would find out and read, have bytes that UTF-8 does not.
        if (one == 0 || one == (byte) 0xfe || one == (byte) 0xff) {
            throw new TooMuchException("it is no JSON in UTF-8");
        }
        if (inText) {
            length++;
            checkText();
            if (escaped) {
                escaped = false;
            } else if (one == '\\') {
                escaped = true;
            } else if (one == '"') {
                inText = false;
                length = 0;
            }
            return;
        }
        switch (one) {
            case '"' -> {
                inText = true;
                inName = nameNext;
                nameNext = false;
                length = 0;
            }
            case '{', '[' -> enter(one == '{');
            case '}', ']' -> leave();
            case ',' -> {
                nameNext = depth > 0 && isObject.get(depth);
                length = 0;
            }
            case ' ', '\n', '\r', '\t', ':' -> length = 0;
            default -> {
                if (++length > LONGEST_NUMBER) {
                    throw new TooMuchException("it has a number of more than " + LONGEST_NUMBER + " digits");
                }
            }
        }
    }

    private void enter(boolean object) throws TooMuchException {
        if (++depth > MOST_DEPTH) {
            throw new TooMuchException("it is nested more than " + MOST_DEPTH + " deep");
        }
        isObject.set(depth, object);
        nameNext = object;
        length = 0;
    }

    private void leave() {
        depth = Math.max(0, depth - 1);
        nameNext = false;
        length = 0;
    }

    private void checkText() throws TooMuchException {
        if (inText && inName && length > LONGEST_NAME) {
            throw new TooMuchException("it has a field with a name of more than " + (LONGEST_NAME >> 10) + " KiB");
        }
        if (inText && wanted && length > LONGEST_TEXT) {
            throw new TooMuchException("it has a text of more than " + (LONGEST_TEXT >> 20) + " MiB");
        }
    }
}
