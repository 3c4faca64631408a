package io.mlops.core.query;

/** The order of text by its code points, which is that of its bytes in UTF-8, as databases have it. */
final class CodePoints {
    /** Characters that a rank tells apart. */
    private static final int RANKED = 3;

    private static final int BITS = 21;

    private CodePoints() {}

    /** Compares texts; unlike {@link String#compareTo}, with what lies beyond 16 bits behind all that does not. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(a.codePointAt(i), b.codePointAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** A number that is not negative, and greater only for a greater text: its first characters. */
    static long rank(String text) {
        long rank = 0;
        int at = 0;
        for (int i = 0; i < RANKED; i++) {
            rank <<= BITS;
            if (at < text.length()) {
                int character = text.codePointAt(at);
                rank |= character + 1;
                at += Character.charCount(character);
            }
        }
        return rank;
    }

    /** Whether a rank holds all of its text, and not only the beginning. */
    static boolean isWhole(long rank) {
        return (rank & ((1L << BITS) - 1)) == 0;
    }
}
