package io.mlops.backends.fs.power;

import io.mlops.backends.fs.quiet.QuietExtension;

/** All suites where no folder moves while something below it is open, as on Windows. */
@QuietExtension.Warned
final class WindowsContractTest extends DiskContract {
    WindowsContractTest() {
        super(PowerDisk.Open.HOLDS_FOLDERS);
    }
}
