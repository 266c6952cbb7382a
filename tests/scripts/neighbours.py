# Differences, slopes, areas, windows, lines between points and pads.
import numpy as np

print(np.diff([1,4,9,16]))
print(np.diff([1,4,9,16],2))
print(np.diff(np.arange(12).reshape(3,4)**2,axis=0))
print(np.diff([1,2],prepend=0,append=[7,9]))
print(np.diff([True,False,True]))
try:
    print(np.diff(5))
except Exception as error:
    print(type(error).__name__, error)
try:
    print(np.diff([1,2],-1))
except Exception as error:
    print(type(error).__name__, error)
print(np.ediff1d([1,4,9],to_begin=0,to_end=[8,9]))
print(np.gradient([1.,4,9,16,25]))
print(np.gradient([1,4,9,16,25],2))
print(np.gradient(np.arange(12.).reshape(3,4)**2))
print(np.gradient(np.arange(12.).reshape(3,4)**2,axis=1))
print(np.gradient([1.,4,9,16,25],[0,1,3,4,7.]))
print(np.gradient([1.,4,9,16,25],edge_order=2))
print(np.gradient([1.,4,9,16,25],[0,1,3,4,7.],edge_order=2))
print(np.gradient([1.,4,9,16,25],0.5,edge_order=2))
try:
    print(np.gradient([1.]))
except Exception as error:
    print(type(error).__name__, error)
print(np.trapezoid([1,2,3]))
print(np.trapezoid([1,2,3],[4,6,8]))
print(np.trapezoid(np.arange(6).reshape(2,3),axis=0))
print(np.trapezoid(np.arange(6).reshape(2,3),dx=2))
print(np.unwrap([0,1,5,7.,-3]))
print(np.interp(2.5,[1,2,3],[3,2,0]))
print(np.interp([0,1,1.5,2.72,3.14],[1,2,3],[3,2,0]))
print(np.interp([0,5],[1,2,3],[3,2,0],left=-1,right=-2))
print(np.interp([-180,-170,-185,185,-10,-5,0,365],[190,-190,350,-350],[5,10,3,4],period=360))
print(np.interp([1,2],[1],[5.]))
print(np.convolve([1,2,3],[0,1,0.5]))
print(np.convolve([1,2,3],[0,1,0.5],'same'))
print(np.convolve([1,2,3],[0,1,0.5],'valid'))
print(np.convolve([1,2],[1,2,3,4,5],'same'))
print(np.convolve(np.arange(20),[1,2,3,4],'same'))
try:
    print(np.convolve([],[1]))
except Exception as error:
    print(type(error).__name__, error)
print(np.correlate([1,2,3],[0,1,0.5]))
print(np.correlate([1,2,3],[0,1,0.5],'same'))
print(np.correlate([1,2,3],[0,1,0.5],'full'))
print(np.correlate([1,2],[0,1,0.5,3],'full'))
print(np.correlate([1,2],[0,1,0.5,3],'same'))
print(np.correlate([1+1j,2],[0,1j],'full'))
print(np.pad([1,2,3],2))
print(np.pad([1,2,3],(1,2),constant_values=(7,8)))
print(np.pad(np.arange(6).reshape(2,3),((1,0),(2,1)),constant_values=((1,2),(3,4))))
print(np.pad([1,2,3],(4,5),'edge'))
print(np.pad([1,2,3],(4,5),'reflect'))
print(np.pad([1,2,3],(4,5),'symmetric'))
print(np.pad([1,2,3],(4,5),'wrap'))
print(np.pad([1,2,3],(2,3),'linear_ramp',end_values=(5,-4)))
print(np.pad([1.,2,3],(2,3),'mean'))
print(np.pad([1,5,3],(2,3),'maximum',stat_length=2))
print(np.pad([1,5,3],(2,3),'minimum'))
print(np.pad([1,5,3],(2,3),'median'))
print(np.pad(np.arange(6).reshape(2,3),1,'reflect'))
try:
    print(np.pad([1],-1))
except Exception as error:
    print(type(error).__name__, error)
try:
    print(np.pad([1],1,'foo'))
except Exception as error:
    print(type(error).__name__, error)
