import os, random, time, traceback, collections
import pytest
from tests.flow.machine import test_machine as t
pytestmark = pytest.mark.django_db
def test_dev():
    c = t.fresh_counts()
    t0=time.process_time(); wall=time.perf_counter()
    fails = collections.defaultdict(list)
    for s in range(int(os.environ.get("S","1")), int(os.environ.get("S","1"))+int(os.environ.get("R","10"))):
        r = random.Random(s)
        m = c(); hist=[]
        try:
            m.begin()
            for i in range(75):
                step=(r.choice(t.ACTS), r.randrange(3), r.choice(t.PEOPLE), r.randrange(1000), r.choice(t.TWISTS))
                hist.append(step)
                m.step.__wrapped__(m,*step) if hasattr(m.step,'__wrapped__') else m.step(*step)
        except Exception as e:
            tb=traceback.extract_tb(e.__traceback__)
            where=[f"{f.filename.split('/')[-1]}:{f.lineno}" for f in tb if 'machine' in f.filename or '/content/' in f.filename or '/reviews/' in f.filename][-4:]
            fails[(type(e).__name__, str(e)[:600])].append((s, len(hist), where, hist[-3:]))
        finally:
            m.teardown()
    print("CPU", time.process_time()-t0, "WALL", time.perf_counter()-wall, dict(c.done)); print(sorted(c.seen.items()))
    for k,v in fails.items():
        print("FAIL", len(v), k[0], k[1]); print("    ", v[0])
