"""An empty window, with the modules that PySide6 and pyqtgraph always load."""

import json
import os
import time

import pyqtgraph
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

assert pyqtgraph.__version__


class Window(QMainWindow):
    def paintEvent(self, event):  # noqa: N802
        QTimer.singleShot(0, self.answer)

    def keyPressEvent(self, event):  # noqa: N802
        print(json.dumps({"at": time.time(), "cpu": sum(os.times()[:4])}), flush=True)
        app.quit()

    def answer(self):
        QTest.keyClick(self, Qt.Key.Key_A)


app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
