package io.mlops.backends.fs.power;

import io.mlops.backends.fs.quiet.QuietExtension;

/**
 * Runs the contract of backends on a disk where no folder can be moved while something below it is open, as on Windows.
 */
@QuietExtension.Warned
final class WindowsContractTest extends DiskContract {
    WindowsContractTest() {
        super(PowerDisk.Open.HOLDS_FOLDERS);
    }
}
