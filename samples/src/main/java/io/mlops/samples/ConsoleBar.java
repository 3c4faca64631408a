package io.mlops.samples;

import io.mlops.api.common.Progress;
import java.io.Console;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal while something takes long, gone when it is done. For one operation at a time. */
final class ConsoleBar implements Progress {
    private static final int WIDTH = 78;
    private static final int EVERY_MILLIS = 100;
    private static final long MEGABYTE = 1_000_000;

    private final PrintStream out;
    private @Nullable ProgressBar bar;

    ConsoleBar(PrintStream out) {
        this.out = out;
    }

    /** Nothing is shown where this is not the terminal of a person: a bar in a log file helps nobody. */
    static Progress on(PrintStream out) {
        return out == System.out && isTerminal(System.console()) ? new ConsoleBar(out) : Progress.none();
    }

    @Override
    public void at(String what, long done, long total) {
        if (done == 0 || done == total) {
            close();
        } else {
            // What is done within a moment is not shown at all.
            ProgressBar shown = bar == null ? open(what, total) : bar;
            shown.stepTo(done);
            bar = shown;
        }
    }

    private void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private ProgressBar open(String what, long total) {
        return new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setUnit(" MB", MEGABYTE)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(EVERY_MILLIS)
                .setConsumer(new Line(out))
                .clearDisplayOnFinish()
                .build();
    }

    /** One line that is written again and again; the library's own leaves its last state behind. Thread-safe. */
    private static final class Line implements ProgressBarConsumer {
        private final PrintStream out;
        private boolean gone;

        Line(PrintStream out) {
            this.out = out;
        }

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public synchronized void accept(String text) {
            // The library's thread may draw once more after it was told to stop.
            if (gone) {
                return;
            }
            out.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
            out.flush();
        }

        @Override
        public synchronized void clear() {
            gone = true;
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }

        @Override
        public void close() {}
    }

    /** Before Java 22 there is no console without a terminal; since then it says so itself. */
    static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }
}
