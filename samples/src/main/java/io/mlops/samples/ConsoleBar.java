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

    private final Line line;
    private @Nullable ProgressBar bar;

    ConsoleBar(PrintStream out) {
        this.line = new Line(out);
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
            // The library does so only if it drew more than once.
            line.clear();
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
                .setConsumer(line)
                .build();
    }

    /** One line that is written again and again; the library's own leaves its last state behind. */
    private record Line(PrintStream out) implements ProgressBarConsumer {

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String text) {
            out.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
            out.flush();
        }

        @Override
        public void clear() {
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
