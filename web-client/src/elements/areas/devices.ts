import '../device-list/device-list.ts';
import '../device/device.ts';
import '../devices/devices.ts';
