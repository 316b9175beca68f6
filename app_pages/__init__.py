"""The screen: with app.py the only place that imports Streamlit."""
