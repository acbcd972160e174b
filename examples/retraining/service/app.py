"""Answers `POST /score` with a prediction for each row of `data`."""

import os

import mlflow
import pandas as pd
from flask import Flask, jsonify, request

app = Flask(__name__)
model = None


def loaded():
    """Loads the model with the first request, so that the container starts without the network."""
    global model
    if model is None:
        model = mlflow.pyfunc.load_model(f"models:/diabetes/{os.environ['MODEL_VERSION']}")
    return model


@app.get("/healthz")
def healthy():
    return "ok"


@app.post("/score")
def score():
    rows = request.get_json(force=True)["data"]
    frame = pd.DataFrame(rows, columns=["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"])
    return jsonify(predictions=[float(it) for it in loaded().predict(frame)])
