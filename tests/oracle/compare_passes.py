# SPDX-License-Identifier: BSD-3-Clause
"""Applies passes with the Python package and with `buildrunner model transform` and compares the results node for node. Names that
a transformation makes up differ from run to run, so both results get unique node names and readable tensor names first.

usage: compare_passes.py BUILDRUNNER FOLDER [--only PASS] MODEL...        FOLDER is for temporary files
"""
import os
import signal
import subprocess
import sys
import warnings

import numpy as np
import onnx
from model_maps import as_maps, differences
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.transformation import general, insert, remove
from qonnx.transformation.batchnorm_to_affine import BatchNormToAffine
from qonnx.transformation.bipolar_to_xnor import ConvertBipolarMatMulToXnorPopcount
from qonnx.transformation import channels_last as last
from qonnx.transformation.make_input_chanlast import MakeInputChannelsLast
from qonnx.transformation.double_to_single_float import DoubleToSingleFloat
from qonnx.transformation.expose_intermediate import ExposeIntermediateTensorsPatternList
from qonnx.transformation.extract_conv_bias import ExtractBiasFromConv
from qonnx.transformation.extract_quant_scale_zeropt import ExtractQuantScaleZeroPt
from qonnx.transformation.fold_constants import FoldConstants
from qonnx.transformation.gemm_to_matmul import GemmToMatMul
from qonnx.transformation.create_generic_partitions import PartitionFromDict
from qonnx.transformation.extend_partition import ExtendPartition
from qonnx.transformation.merge_onnx_models import MergeONNXModels
from qonnx.transformation.change_3d_tensors_to_4d import Change3DTo4DTensors
from qonnx.transformation.change_batchsize import ChangeBatchSize
from qonnx.transformation.composed import ComposedTransformation
from qonnx.transformation.fixedpt_quantize import FixedPointQuantizeParams
from qonnx.transformation.pruning import ApplyMasks, PropagateMasks, PruneChannels
from qonnx.transformation.qcdq_to_qonnx import QCDQToQuant
from qonnx.transformation.qonnx_to_qcdq import QuantToQCDQ
from qonnx.transformation.quantize_graph import QuantizeGraph
from qonnx.transformation.resize_conv_to_deconv import ResizeConvolutionToDeconvolution
from qonnx.transformation.subpixel_to_deconv import SubPixelToDeconvolution
from qonnx.transformation.infer_data_layouts import InferDataLayouts
from qonnx.transformation.infer_datatypes import InferDataTypes
from qonnx.transformation.infer_shapes import InferShapes
from qonnx.transformation.insert_topk import InsertTopK
from qonnx.transformation.lower_convs_to_matmul import LowerConvsToMatMul
from qonnx.util.cleanup import cleanup_model

# what is compared: Python's transformations, the same for --pass, and a tensor without which a model is left out
CASES = [
    ([InferShapes()], ["InferShapes"]),
    ([InferDataTypes()], ["InferDataTypes"]),
    ([InferDataTypes(allow_scaledint_dtypes=True)], ["InferDataTypes:allow_scaledint_dtypes=true"]),
    ([FoldConstants(exclude_op_types=[])], ["FoldConstants:exclude_op_types=[]"]),
    ([BatchNormToAffine()], ["BatchNormToAffine"]),
    ([GemmToMatMul()], ["GemmToMatMul"]),
    ([ExtractBiasFromConv()], ["ExtractBiasFromConv"]),
    ([general.ConvertSubToAdd()], ["ConvertSubToAdd"]),
    ([general.ConvertDivToMul()], ["ConvertDivToMul"]),
    ([DoubleToSingleFloat()], ["DoubleToSingleFloat"]),
    ([general.MovePadAttributeToTensor()], ["MovePadAttributeToTensor"]),
    ([InsertTopK()], ["InsertTopK"]),
    ([InsertTopK(k=2, axis=1, largest=0, sorted=0)], ["InsertTopK:k=2,axis=1,largest=0,sorted=0"]),
    ([insert.InsertIdentity("global_in", "consumer")], ["InsertIdentity:tensor_name=global_in,producer_or_consumer=consumer"]),
    ([insert.InsertIdentity("global_in", "producer")], ["InsertIdentity:tensor_name=global_in,producer_or_consumer=producer"]),
    ([insert.InsertIdentity("global_out", "consumer")], ["InsertIdentity:tensor_name=global_out,producer_or_consumer=consumer"]),
    ([insert.InsertIdentityOnAllTopLevelIO()], ["InsertIdentityOnAllTopLevelIO"]),
    ([remove.RemoveIdentityOps()], ["RemoveIdentityOps"]),
    ([insert.InsertIdentityOnAllTopLevelIO(), remove.RemoveIdentityOps()], ["InsertIdentityOnAllTopLevelIO", "RemoveIdentityOps"]),
    ([remove.RemoveUnusedNodes()], ["RemoveUnusedNodes"]),
    ([ExposeIntermediateTensorsPatternList(["MatMul", "Conv"])], ["ExposeIntermediateTensorsPatternList:pattern_list=MatMul,Conv"]),
    ([general.GiveUniqueTensorNames()], ["GiveUniqueTensorNames"]),
    ([general.GiveRandomTensorNames()], ["GiveRandomTensorNames"]),
    ([general.GiveUniqueNodeNames("p_")], ["GiveUniqueNodeNames:prefix=p_"]),
    ([ConvertBipolarMatMulToXnorPopcount()], ["ConvertBipolarMatMulToXnorPopcount"]),
    ([ExtractQuantScaleZeroPt()], ["ExtractQuantScaleZeroPt"]),
    ([InferDataLayouts()], ["InferDataLayouts"]),
    ([LowerConvsToMatMul()], ["LowerConvsToMatMul"]),
    ([LowerConvsToMatMul(), InferDataTypes(), InferDataLayouts()], ["LowerConvsToMatMul", "InferDataTypes", "InferDataLayouts"]),
    ([last.InsertChannelsLastDomainsAndTrafos()], ["InsertChannelsLastDomainsAndTrafos"]),
    ([last.InsertChannelsLastDomainsAndTrafos(), last.RemoveConsecutiveChanFirstAndChanLastTrafos(), last.MoveChanLastUpstream()],
     ["InsertChannelsLastDomainsAndTrafos", "RemoveConsecutiveChanFirstAndChanLastTrafos", "MoveChanLastUpstream"]),
    ([last.InsertChannelsLastDomainsAndTrafos(), last.MoveChanFirstDownstream()],
     ["InsertChannelsLastDomainsAndTrafos", "MoveChanFirstDownstream"]),
    ([last.ConvertToChannelsLastAndClean()], ["ConvertToChannelsLastAndClean"]),
    ([last.ConvertToChannelsLastAndClean(make_input_channels_last=True)],
     ["ConvertToChannelsLastAndClean:make_input_channels_last=true"]),
    ([MakeInputChannelsLast()], ["MakeInputChannelsLast"]),
    ([last.MoveLinearPastFork()], ["MoveLinearPastFork"]),
    ([last.MoveOpPastFork(["Relu", "Reshape", "Quant"])], ["MoveOpPastFork:op_name_list=Relu,Reshape,Quant"]),
    ([Change3DTo4DTensors()], ["Change3DTo4DTensors"]),
    ([ChangeBatchSize(4), InferShapes()], ["ChangeBatchSize:bsize=4", "InferShapes"]),
    ([FixedPointQuantizeParams("FIXED<24,16>")], ["FixedPointQuantizeParams:fixedpt_dtype=FIXED<24,16>"]),
    ([FixedPointQuantizeParams("FIXED<24,16>", rounding_mode="FLOOR")],
     ["FixedPointQuantizeParams:fixedpt_dtype=FIXED<24,16>,rounding_mode=FLOOR"]),
    ([QuantToQCDQ()], ["QuantToQCDQ"]),
    ([QuantToQCDQ(), FoldConstants(exclude_op_types=["QuantizeLinear", "DequantizeLinear", "BipolarQuant"]), InferShapes(), QCDQToQuant()],
     ["QuantToQCDQ", "FoldConstants:exclude_op_types=QuantizeLinear,DequantizeLinear,BipolarQuant", "InferShapes", "QCDQToQuant"]),
    ([ExtractBiasFromConv(), SubPixelToDeconvolution()], ["ExtractBiasFromConv", "SubPixelToDeconvolution"]),
    ([SubPixelToDeconvolution()], ["SubPixelToDeconvolution"]),
    ([ResizeConvolutionToDeconvolution()], ["ResizeConvolutionToDeconvolution"]),
    ([ResizeConvolutionToDeconvolution(maintain_bit_width=True)], ["ResizeConvolutionToDeconvolution:maintain_bit_width=true"]),
    ([QuantizeGraph({"op_type": {op: [(("input", 0), (0.5, 0, 4, 0, 1, "ROUND")), (("output", 0), (1, 0, 8, 1, 1, "FLOOR"))]
                                 for op in ["Conv", "MatMul"]}})],
     ['QuantizeGraph:quantnode_map={"op_type": {"Conv": [[["input", 0], [0.5, 0, 4, 0, 1, "ROUND"]],'
      '[["output", 0], [1, 0, 8, 1, 1, "FLOOR"]]], "MatMul": [[["input", 0], [0.5, 0, 4, 0, 1, "ROUND"]],'
      '[["output", 0], [1, 0, 8, 1, 1, "FLOOR"]]]}}']),
    ([FoldConstants(exclude_op_types=[]), ExtractBiasFromConv(), ApplyMasks({"MatMul_0_out0": {1: {0, 3}}}), PropagateMasks()],
     ["FoldConstants:exclude_op_types=[]", "ExtractBiasFromConv",
      'ApplyMasks:prune_spec={"MatMul_0_out0": {"1": [0, 3]}}', "PropagateMasks"], "MatMul_0_out0"),
    ([FoldConstants(exclude_op_types=[]), ExtractBiasFromConv(), PruneChannels({"MatMul_0_out0": {1: {0, 3}}})],
     ["FoldConstants:exclude_op_types=[]", "ExtractBiasFromConv",
      'PruneChannels:prune_spec={"MatMul_0_out0": {"1": [0, 3]}}'], "MatMul_0_out0"),
    ([FoldConstants(exclude_op_types=[]), ExtractBiasFromConv(), PruneChannels({"Conv_0_out0": {1: {0, 3}}})],
     ["FoldConstants:exclude_op_types=[]", "ExtractBiasFromConv",
      'PruneChannels:prune_spec={"Conv_0_out0": {"1": [0, 3]}}'], "Conv_0_out0"),
    ([ComposedTransformation([BatchNormToAffine(), GemmToMatMul()])],
     ['ComposedTransformation:transformations=["BatchNormToAffine", "GemmToMatMul"]']),
    ([BatchNormToAffine(), GemmToMatMul(), InferDataTypes()], ["BatchNormToAffine", "GemmToMatMul", "InferDataTypes"]),
]

# transformations that need files of the test's own: folder and model to the same as above
def with_files(folder, clean):
    before = os.path.join(folder, "before.onnx")
    info = onnx.load(clean).graph.input[0]
    out = onnx.helper.make_tensor_value_info("out", 1, [d.dim_value for d in info.type.tensor_type.shape.dim])
    divisor = onnx.numpy_helper.from_array(np.asarray(255, dtype=np.float32), "by")
    node = onnx.helper.make_node("Div", [info.name, "by"], ["out"])
    graph = onnx.helper.make_graph([node], "before", [info], [out], [divisor])
    opsets = [onnx.helper.make_opsetid("", 11)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8), before)
    if len(onnx.load(clean).graph.node) < 6 or len(onnx.load(clean).graph.input) > 1:
        return []
    parts = {0: [2, 3], 1: [4, 5]}
    return [
        ([MergeONNXModels(ModelWrapper(before))], ["MergeONNXModels:pre_model=" + before]),
        ([PartitionFromDict(parts, folder + "/parts")],
         ['PartitionFromDict:partitioning={"0": [2, 3], "1": [4, 5]},partition_dir=%s/parts' % folder]),
    ]


# seconds for the Python package, which some passes keep busy for minutes
LIMIT = 30

# where the reference is known to be wrong, and what it does
DEVIATIONS = {
    ("finn_tfc_w1a1.onnx", "InsertIdentityOnAllTopLevelIO RemoveIdentityOps"): "wires the wrong output of TopK",
    ("mnist-conv.onnx", "InsertChannelsLastDomainsAndTrafos"): "leaves automatic padding to an operator that has none",
    ("mnist-conv.onnx", "InsertChannelsLastDomainsAndTrafos RemoveConsecutiveChanFirstAndChanLastTrafos MoveChanLastUpstream"):
        "leaves automatic padding to an operator that has none",
    ("mnist-conv.onnx", "ChangeBatchSize:bsize=4 InferShapes"): "infers no shapes",
    ("sdp.onnx", "InsertTopK:k=2,axis=1,largest=0,sorted=0"): "takes two elements out of one",
}


# read back from bytes, as whoever gets the file does
def named(model):
    model = ModelWrapper(model.model.SerializeToString()).transform(general.GiveUniqueNodeNames())
    return as_maps(model.transform(general.GiveReadableTensorNames()).model)


def compare(program, folder, path, clean, case):
    transforms, passes = case[:2]
    title = "%s, %s" % (os.path.basename(path), " ".join(passes))
    if (os.path.basename(path), " ".join(passes)) in DEVIATIONS:
        print("%s: the Python package %s" % (title, DEVIATIONS[os.path.basename(path), " ".join(passes)]))
        return True
    output = os.path.join(folder, "c.onnx")
    signal.alarm(LIMIT)
    try:
        model = ModelWrapper(clean)
        if len(case) > 2 and case[2] not in model.get_all_tensor_names():
            return True
        for transform in transforms:
            model = model.transform(transform)
        expected = named(model)
        if isinstance(transforms[0], MergeONNXModels):
            # the newest that the package onnx has; and imports of other domains are lost
            expected["model"]["ir_version"] = onnx.load(clean).ir_version
            expected["opsets"] = {o.domain: o.version for o in onnx.load(clean).opset_import}
            expected["opsets"][""] = max(expected["opsets"][""], 11)
    except Exception as problem:
        print("%s: the Python package fails: %s" % (title, type(problem).__name__))
        return True
    finally:
        signal.alarm(0)
    arguments = [program, "model", "transform", clean, "-q", "-o", output]
    for one in passes:
        arguments += ["--pass", one]
    equal = subprocess.call(arguments) == 0
    equal = equal and differences(expected, named(ModelWrapper(output))) == 0
    print("%s: %s" % ("ok" if equal else "FAILED", title))
    return equal


def too_long(number, frame):
    raise TimeoutError()


def main():
    program, folder, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    cases = CASES
    if paths[0] == "--only":
        wanted = paths[1].split(",")
        cases = [case for case in CASES if any(one.split(":")[0] in wanted for one in case[1])]
        paths = paths[2:]
    good = True
    for path in paths:
        print("---", os.path.basename(path))
        sys.stdout.flush()
        clean = os.path.join(folder, "clean.onnx")
        cleanup_model(ModelWrapper(path)).save(clean)
        for case in cases + with_files(folder, clean):
            good = compare(program, folder, path, clean, case) and good
    return not good


np.seterr(all="ignore")
warnings.filterwarnings("ignore")
signal.signal(signal.SIGALRM, too_long)
sys.exit(main())
