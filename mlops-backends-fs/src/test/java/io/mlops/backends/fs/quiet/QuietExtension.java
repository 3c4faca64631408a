package io.mlops.backends.fs.quiet;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.event.Level;

/**
 * An extension that fails tests in which something warns although all goes well: a needless warning hides those that
 * matter.
 */
public final class QuietExtension implements BeforeEachCallback, AfterEachCallback {
    /** Marks tests in which something goes wrong on purpose. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Warned {}

    @Override
    public void beforeEach(ExtensionContext context) {
        TestLoggerFactory.clearAll();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean expected = context.getRequiredTestMethod().isAnnotationPresent(Warned.class)
                || context.getRequiredTestClass().isAnnotationPresent(Warned.class)
                || context.getEnclosingTestClasses().stream()
                        .anyMatch(outer -> outer.isAnnotationPresent(Warned.class));
        List<String> warnings = TestLoggerFactory.getAllLoggingEvents().stream()
                .filter(event -> event.getLevel() == Level.WARN || event.getLevel() == Level.ERROR)
                .map(LoggingEvent::getFormattedMessage)
                .toList();
        if (!expected && !warnings.isEmpty()) {
            throw new AssertionError("warned of " + warnings);
        }
    }
}
